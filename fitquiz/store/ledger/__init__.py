"""From the pending response to the published group figure, and HR's connection that reads nothing else."""
