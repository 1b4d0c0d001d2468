"""The demonstration township 云岭镇: invented people and places, with something to do for every role."""
