"""What every tab is made with: the page and its parts, desks and films, and how a question of a stage is answered."""
