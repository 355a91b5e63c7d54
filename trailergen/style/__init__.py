"""An editor's rules as an energy: ``material`` is what they look at, ``terms`` are the rules, ``styles`` weigh them."""
