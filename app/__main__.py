"""`python -m app`: the same as `backprop`."""

import sys

from .cli import main

sys.exit(main())
