"""Building blocks of every tab: the declaration, the layout, and the server functions."""
