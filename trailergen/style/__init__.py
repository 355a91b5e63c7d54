"""An editor's rules as an energy: ``terms`` are the rules, ``material`` their input, ``styles`` their weights."""
