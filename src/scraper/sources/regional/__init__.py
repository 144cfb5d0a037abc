"""Sites of more countries than one."""
