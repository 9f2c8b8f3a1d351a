"""`python -m dialog.cli` is the command `antecedent`."""

import sys

from dialog.cli import main

sys.exit(main())
