"""The command `cardaudit`, and `python -m cardaudit`."""

from cardaudit.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
