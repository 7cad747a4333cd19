"""A problem as a file that does without this program: a numpy script, a PyTorch script, a worked solution in LaTeX."""
