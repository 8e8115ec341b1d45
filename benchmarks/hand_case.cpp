// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Jacobian of the posed hand by hand: an angle of a finger moves the bones
// from its joint on, three at most, so only their images are differentiated;
// the global rotation and translation act on positions that are there already.
#include "hand.hpp"
#include "problem.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace bench::BENCH_VARIANT {

namespace {

using Transform = std::array<double, 12>;

Transform operator*(const Transform &a, const Transform &b) {
  Transform out;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 4; ++j)
      out[4 * i + j] = a[4 * i] * b[j] + a[4 * i + 1] * b[4 + j] +
                       a[4 * i + 2] * b[8 + j] + (j == 3 ? a[4 * i + 3] : 0);
  return out;
}

Transform load(const double *from) {
  Transform out;
  std::copy(from, from + 12, out.begin());
  return out;
}

struct Joint {
  Transform value, by_bend, by_spread;
};

Joint joint_with_derivative(double bend, double spread) {
  const double cx = std::cos(bend), sx = std::sin(bend);
  const double cz = std::cos(spread), sz = std::sin(spread);
  return {{cz, -sz * cx, sz * sx, 0, sz, cz * cx, -cz * sx, 0, 0, sx, cx, 0},
          {0, sz * sx, sz * cx, 0, 0, -cz * sx, -cz * cx, 0, 0, cx, -sx, 0},
          {-sz, -cz * cx, cz * sx, 0, cz, -sz * cx, sz * sx, 0, 0, 0, 0, 0}};
}

/// The global rotation and its derivative by the three components of w.
struct Turn {
  std::array<double, 9> value, by[3];
};

Turn global_rotation_with_derivative(const double *w) {
  Turn turn{};
  const double angle = std::sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
  if (angle < 0.0001) {
    turn.value = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    return turn;
  }
  const double s = std::sin(angle), c = std::cos(angle);
  const double k[3] = {w[0] / angle, w[1] / angle, w[2] / angle};
  const double skew[9] = {0, -k[2], k[1], k[2], 0, -k[0], -k[1], k[0], 0};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      const double kk = k[i] * k[j], one = i == j;
      turn.value[3 * i + j] = kk * (1 - c) + one * c + skew[3 * i + j] * s;
      const double by_angle = (kk - one) * s + skew[3 * i + j] * c;
      for (int m = 0; m < 3; ++m) {
        // dk/dw_m = (e_m - k k_m) / angle
        const double d_k[3] = {((m == 0) - k[0] * k[m]) / angle,
                               ((m == 1) - k[1] * k[m]) / angle,
                               ((m == 2) - k[2] * k[m]) / angle};
        const double d_skew[9] = {0,       -d_k[2], d_k[1], d_k[2], 0,
                                  -d_k[0], -d_k[1], d_k[0], 0};
        turn.by[m][3 * i + j] = by_angle * k[m] +
                                (d_k[i] * k[j] + k[i] * d_k[j]) * (1 - c) +
                                d_skew[3 * i + j] * s;
      }
    }
  return turn;
}

/// Adds one bone's weighted image of the mesh.
void add_image(const HandModel *model, int bone, const Transform &transform,
               double *BENCH_RESTRICT positions) {
  const int vertices = model->vertices;
  const double *weight = &model->weight[bone * vertices];
  const double *x = model->base_position, *y = x + vertices, *z = y + vertices;
  for (int i = 0; i < 3; ++i)
    for (int v = 0; v < vertices; ++v)
      positions[i * vertices + v] +=
          weight[v] * (transform[4 * i] * x[v] + transform[4 * i + 1] * y[v] +
                       transform[4 * i + 2] * z[v] + transform[4 * i + 3]);
}

/// out = constant - rotation * position, for every point.
void place(const HandModel *model, const std::array<double, 9> &rotation,
           const Vector &positions, double *BENCH_RESTRICT out) {
  const int vertices = model->vertices;
  for (int point = 0; point < model->points; ++point) {
    const double *position = &positions[model->vertex_of[point]];
    for (int i = 0; i < 3; ++i)
      out[3 * point + i] = -(rotation[3 * i] * position[0] +
                             rotation[3 * i + 1] * position[vertices] +
                             rotation[3 * i + 2] * position[2 * vertices]);
  }
}

struct Skeleton {
  std::vector<Transform> absolute, relative;
  std::vector<Joint> joint;
};

Skeleton pose(const HandModel *model, const double *theta) {
  Skeleton skeleton;
  for (int bone = 0; bone < model->bones; ++bone) {
    const int finger = (bone - 1) / 4, segment = (bone - 1) % 4;
    const double *angles = &theta[6 + 4 * finger];
    const bool bends = segment > 0 && finger < 5;
    skeleton.joint.push_back(
        joint_with_derivative(bends ? angles[segment == 1 ? 0 : segment] : 0,
                              bends && segment == 1 ? angles[1] : 0));
    skeleton.relative.push_back(load(&model->base_relative[12 * bone]) *
                                skeleton.joint.back().value);
    const int parent = model->parent[bone];
    skeleton.absolute.push_back(parent < 0 ? skeleton.relative.back()
                                           : skeleton.absolute[parent] *
                                                 skeleton.relative.back());
  }
  return skeleton;
}

} // namespace

void hand_by_hand(const HandModel *model, const double *BENCH_RESTRICT theta,
                  double *BENCH_RESTRICT residuals,
                  double *BENCH_RESTRICT jacobian) {
  const int column = 3 * model->points;
  const Turn turn = global_rotation_with_derivative(theta);
  const Skeleton skeleton = pose(model, theta);
  Vector positions(3 * model->vertices);
  for (int bone = 0; bone < model->bones; ++bone)
    add_image(model, bone,
              skeleton.absolute[bone] *
                  load(&model->inverse_absolute[12 * bone]),
              positions.data());

  place(model, turn.value, positions, residuals);
  for (int i = 0; i < column; ++i)
    residuals[i] += model->observed[i] - theta[3 + i % 3];
  for (int m = 0; m < 3; ++m) {
    place(model, turn.by[m], positions, &jacobian[m * column]);
    for (int i = 0; i < column; ++i)
      jacobian[(3 + m) * column + i] = i % 3 == m ? -1 : 0;
  }
  for (int finger = 0; finger < 5; ++finger)
    for (int angle = 0; angle < 4; ++angle) {
      const int first = 1 + 4 * finger + (angle < 2 ? 1 : angle);
      const Joint &joint = skeleton.joint[first];
      Transform moved = skeleton.absolute[model->parent[first]] *
                        load(&model->base_relative[12 * first]) *
                        (angle == 1 ? joint.by_spread : joint.by_bend);
      // A joint's derivative has 0 0 0 0 as its last row, not 0 0 0 1.
      for (int i = 0; i < 3; ++i)
        moved[4 * i + 3] = 0;
      std::fill(positions.begin(), positions.end(), 0);
      for (int bone = first; bone <= 4 * (finger + 1); ++bone) {
        if (bone > first)
          moved = moved * skeleton.relative[bone];
        add_image(model, bone,
                  moved * load(&model->inverse_absolute[12 * bone]),
                  positions.data());
      }
      place(model, turn.value, positions,
            &jacobian[(6 + 4 * finger + angle) * column]);
    }
}

namespace {

struct Pose {
  const char *input;
  int points;
};

const Pose poses[] = {{"hand1_t26_c100", 100}, {"hand5_t26_c800", 800}};

class HandCase final : public Problem {
public:
  explicit HandCase(const Pose *pose) {
    name = "hand";
    input = pose->input;
    target = 30;
    const Vector numbers = read_numbers("adbench/hand/" + input + ".txt");
    if (numbers.empty() || !load_model("adbench/hand/model/"))
      generate(pose->points);
    else
      load_pose(numbers);
    model.parent = parent.data();
    model.base_relative = base_relative.data();
    model.inverse_absolute = inverse_absolute.data();
    model.weight = weight.data();
    model.base_position = base_position.data();
    model.vertex_of = vertex_of.data();
    model.observed = observed.data();
    residuals.resize(3 * model.points);
  }
  std::span<double> parameters() override { return theta; }
  Vector outputs() override {
    hand(&model, theta.data(), residuals.data());
    return residuals;
  }
  double primal() override {
    hand(&model, theta.data(), residuals.data());
    return residuals[0];
  }
  void by_hand(Vector &jacobian) override {
    jacobian.resize(ThetaSize * residuals.size());
    hand_by_hand(&model, theta.data(), residuals.data(), jacobian.data());
  }
  void by_tern([[maybe_unused]] Vector &jacobian) override {
#ifdef BENCH_TERN
    jacobian.resize(ThetaSize * residuals.size());
    hand_by_tern(&model, theta.data(), residuals.data(), jacobian.data());
#endif
  }
  Vector times(const Vector &jacobian, const Vector &direction) override {
    Vector product(residuals.size());
    for (int j = 0; j < ThetaSize; ++j)
      for (std::size_t i = 0; i < product.size(); ++i)
        product[i] += jacobian[j * product.size() + i] * direction[j];
    return product;
  }

private:
  HandModel model{};
  std::vector<int> parent, vertex_of;
  Vector base_relative, inverse_absolute, weight, base_position, observed;
  Vector theta, residuals;

  bool load_model(const std::string &folder) {
    const auto bones = read_table(folder + "bones.txt");
    const auto vertices = read_table(folder + "vertices.txt");
    if (bones.empty() || vertices.empty())
      return false;
    model.bones = static_cast<int>(bones.size());
    model.vertices = static_cast<int>(vertices.size());
    for (const auto &bone : bones) {
      parent.push_back(std::stoi(bone[1]));
      for (int i = 0; i < 12; ++i) {
        base_relative.push_back(std::stod(bone[2 + i]));
        inverse_absolute.push_back(std::stod(bone[18 + i]));
      }
    }
    base_position.resize(3 * vertices.size());
    weight.resize(bones.size() * vertices.size());
    // Position 3, normal 3, texture 2, count, then pairs of bone and weight.
    for (std::size_t v = 0; v < vertices.size(); ++v) {
      for (int i = 0; i < 3; ++i)
        base_position[i * vertices.size() + v] = std::stod(vertices[v][i]);
      for (int pair = 0; pair < std::stoi(vertices[v][8]); ++pair)
        weight[std::stoul(vertices[v][9 + 2 * pair]) * vertices.size() + v] =
            std::stod(vertices[v][10 + 2 * pair]);
    }
    return true;
  }

  void load_pose(const Vector &numbers) {
    model.points = static_cast<int>(numbers[0]);
    for (int point = 0; point < model.points; ++point) {
      const double *row = &numbers[2 + 4 * point];
      vertex_of.push_back(static_cast<int>(row[0]));
      observed.insert(observed.end(), row + 1, row + 4);
    }
    theta.assign(numbers.end() - ThetaSize, numbers.end());
  }

  void generate(int points) {
    input += " (generated)";
    model.bones = 22;
    model.vertices = 544;
    model.points = points;
    Generator random(8);
    for (int bone = 0; bone < model.bones; ++bone) {
      const bool root = bone % 4 == 1 || bone == model.bones - 1;
      parent.push_back(root ? 0 : bone - 1);
    }
    base_relative = random.vector(12 * model.bones);
    inverse_absolute = random.vector(12 * model.bones);
    weight = random.vector(model.bones * model.vertices, 0, 0.1);
    base_position = random.vector(3 * model.vertices);
    for (int point = 0; point < points; ++point)
      vertex_of.push_back(static_cast<int>(random(0, model.vertices)));
    observed = random.vector(3 * points);
    theta = random.vector(ThetaSize);
  }
};

const Registration cases[] = {Registration(make_case<HandCase, &poses[0]>),
                              Registration(make_case<HandCase, &poses[1]>)};

} // namespace
} // namespace bench::BENCH_VARIANT
