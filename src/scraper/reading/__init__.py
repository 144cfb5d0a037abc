"""Beside `parse`: what a story page is made of."""
