"""Local issues that sections share with residents (地域課題の共有), and what residents answer."""
