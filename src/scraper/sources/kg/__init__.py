"""Sites of Kyrgyzstan."""
