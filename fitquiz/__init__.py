"""fitquiz: a role-fit self-assessment that shows its reasons and its doubt."""
