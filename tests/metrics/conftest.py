"""Generated examples are judged by what they show, not by how busy the machine is that draws them."""

from hypothesis import HealthCheck, settings

settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")
