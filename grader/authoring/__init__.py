"""What an author does: one authored source becomes what students receive, and nothing leaks on the way."""
