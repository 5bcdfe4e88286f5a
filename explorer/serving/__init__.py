"""How strangers are served: the page and its files, the gate, and the desk that gives everybody a turn."""
