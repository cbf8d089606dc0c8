"""Events, resources and long work that rooms hand in to the kernel, which names none: each in its `AppConfig`.

`events`: what other systems can be told of, by name. `resources`: what the API has and tokens' scopes name.
`work`: pages that ask for long work, by the name of their URL. Each with its words.
"""

from django.apps import apps
from django.utils.functional import Promise


def handed_in(kind: str) -> dict[str, Promise]:
    """All that the apps hand in of one kind, in the order of the apps."""
    return {name: words for app in apps.get_app_configs() for name, words in getattr(app, kind, {}).items()}
