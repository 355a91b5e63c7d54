"""Speech in the trailer: lines of the film, chosen, placed over the clips they fit, in the film's own voice."""
