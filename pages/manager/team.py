"""Readiness of the teams that the person may see."""

from ui import board

board.draw()
