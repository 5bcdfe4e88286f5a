"""A door for programs, closed by default: the shared questions over HTTP, for Gradio's client, and as MCP tools.

`questions` reads what is offered from the declarations of the page's own server functions; nothing is declared here.
"""
