# Which model answers while speeds change, in virtual time; and the endpoints of one model in real time.
add_executable(hayate_bench_routing ${CMAKE_CURRENT_LIST_DIR}/routing.cpp ${CMAKE_CURRENT_LIST_DIR}/routing/endpoints.cpp
               ${CMAKE_CURRENT_LIST_DIR}/routing/policies.cpp ${CMAKE_CURRENT_LIST_DIR}/routing/world.cpp)
target_include_directories(hayate_bench_routing PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(hayate_bench_routing PRIVATE hayate_route)

# The same with what the two local models really said, and how long they took.
add_executable(hayate_bench_routing_local ${CMAKE_CURRENT_LIST_DIR}/routing_local.cpp
               ${CMAKE_CURRENT_LIST_DIR}/routing/local_world.cpp ${CMAKE_CURRENT_LIST_DIR}/routing/policies.cpp
               ${CMAKE_CURRENT_LIST_DIR}/routing/world.cpp ${CMAKE_SOURCE_DIR}/src/app/cli/names.cpp
               ${CMAKE_SOURCE_DIR}/src/app/cli/understanding.cpp)
target_include_directories(hayate_bench_routing_local PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(hayate_bench_routing_local PRIVATE hayate_turn hayate_labelled_answers fmt::fmt)
