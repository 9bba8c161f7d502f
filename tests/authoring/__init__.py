"""From one authored source to what students receive."""
