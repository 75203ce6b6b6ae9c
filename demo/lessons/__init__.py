"""The texts of the demo's trainings, in French and in English, written for Cards."""

from demo.lessons import en, fr

COURSES = {"en": (en.WELCOME, en.FIRE, en.PRIVACY), "fr": (fr.WELCOME, fr.FIRE, fr.PRIVACY)}
