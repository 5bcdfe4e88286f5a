"""Layout of a tab: its declaration, its panel, the texts and parts around its stage."""
