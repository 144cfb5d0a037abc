"""Sites of Uzbekistan."""
