"""Readers of what others wrote: files of weights and tables of data. Bytes in, arrays out; nothing of a file is ever executed."""
