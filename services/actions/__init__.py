"""What follows from exercises: findings, owned actions, and the re-tests that close them."""
