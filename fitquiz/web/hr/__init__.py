"""The pages for HR: campaigns, units, invitations and reports.

These pages show figures of groups. No page for HR shows the answers of a single respondent.
"""
