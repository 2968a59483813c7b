"""The reports of campaigns: pages and files with published figures of groups."""
