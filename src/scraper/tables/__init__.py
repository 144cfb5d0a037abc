"""What the store is made of; nobody but store.py imports from here."""
