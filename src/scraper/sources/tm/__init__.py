"""Sites of Turkmenistan, exile included."""
