"""What every tab is made with: its skeleton and parts, and how a question of a stage is answered."""
