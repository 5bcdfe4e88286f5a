"""Entry point of a Space and of `make run`: the app of the package, from this folder."""

from explorer.__main__ import PORT, demo, launch

__all__ = ["PORT", "demo", "launch"]

if __name__ == "__main__":
    launch()
