"""The analysis process. Everything of slang that can crash or take long happens here."""
