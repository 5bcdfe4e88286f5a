"""What every tab is made with: the page and its parts, the desk, and how a question of a stage is answered."""
