"""Headless review: findings, each with the fact it stands on."""
