"""Beside `dates`: the forms, month names, clocks and calendars in which dates are printed."""
