"""`python -m designer` is the command `designer`."""

from designer.cli import main

if __name__ == "__main__":
    main()
