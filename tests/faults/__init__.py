"""A web that breaks, lies and attacks: every fault beside healthy stories of the same site."""
