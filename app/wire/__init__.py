"""What goes over the wire: requests in, bytes out."""
