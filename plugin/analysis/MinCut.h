// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Minimum vertex cut by maximum flow (Dinic 1970): each vertex is an edge from
// its in-side to its out-side with the vertex's capacity.
#pragma once
#include <cstdint>
#include <vector>

namespace tern {

class VertexCut {
public:
  static constexpr uint64_t Infinite = uint64_t(1) << 50;

  explicit VertexCut(unsigned Vertices);
  void setCapacity(unsigned Vertex, uint64_t Capacity);
  void addEdge(unsigned From, unsigned To);
  void addSource(unsigned Vertex);
  void addSink(unsigned Vertex);
  /// The vertices of a minimum cut, the one nearest to the sinks.
  std::vector<unsigned> solve();

private:
  struct Edge {
    unsigned To;
    uint64_t Capacity;
  };
  void connect(unsigned From, unsigned To, uint64_t Capacity);
  bool levelGraph();
  uint64_t push(unsigned Node, uint64_t Limit);

  unsigned Vertices, Source, Sink;
  std::vector<Edge> Edges; ///< edge 2i and its reverse 2i+1
  std::vector<std::vector<unsigned>> Out;
  std::vector<int> Level;
  std::vector<unsigned> Next;
};

} // namespace tern
