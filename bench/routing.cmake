# Which model answers while speeds change, in virtual time; and the endpoints of one model in real time.
add_executable(hayate_bench_routing ${CMAKE_CURRENT_LIST_DIR}/routing.cpp ${CMAKE_CURRENT_LIST_DIR}/routing/endpoints.cpp
               ${CMAKE_CURRENT_LIST_DIR}/routing/world.cpp)
target_include_directories(hayate_bench_routing PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(hayate_bench_routing PRIVATE hayate_route)
