"""The readiness model: a Rasch state-space model with forgetting towards unknown."""
