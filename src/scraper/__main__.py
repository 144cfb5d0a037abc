"""`python -m scraper`."""

from scraper.cli import main

if __name__ == "__main__":  # a worker process loads its parent's main module too
    main()
