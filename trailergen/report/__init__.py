"""The storyboard: one HTML file that shows what a plan chose, where from, and how to change it."""
