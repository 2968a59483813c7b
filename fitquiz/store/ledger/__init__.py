"""From the pending response to the published figure, and HR's connection that can read only the ledger."""
