#include "keras/fixtures.h"

#include "framework.h"

namespace rondo::test {

Json fixture(const std::string& name) {
  return read_json(std::string(RONDO_FIXTURES) + "/" + name + ".json");
}

void compare(const std::string& what, const Vector& got, const Vector& expected, double tolerance) {
  const double error = error_of(got, expected);
  CHECK_MESSAGE(error <= tolerance, what + " is off by " + std::to_string(error * 1e10) + "e-10");
}

}  // namespace rondo::test
