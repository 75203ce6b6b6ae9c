"""How the installation is: in one word for a load balancer, in figures for the operator; nothing of learners."""
