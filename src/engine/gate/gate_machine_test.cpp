#include "engine/gate/gate_machine.hpp"
