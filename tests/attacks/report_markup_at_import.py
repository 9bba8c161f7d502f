"""Fail to import with markup and terminal codes in the text, which students are shown."""

raise ImportError("<img src=x onerror=alert(1)><script>hostile</script>\x1b[2J\x1b]0;title\x07\u202e =1+1 {{ 7 * 7 }}")
