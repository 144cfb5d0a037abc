"""Beside `fetch`: turns and back-off, checked dialling, one exchange on the wire, robots.txt, bounded decoding."""
