"""Sites of Tajikistan."""
