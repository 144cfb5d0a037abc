"""Sites of Kazakhstan."""
