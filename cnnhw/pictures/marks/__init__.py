"""What every drawing is made of: a sheet, a board of cells, arrows, axes, arithmetic in words."""
